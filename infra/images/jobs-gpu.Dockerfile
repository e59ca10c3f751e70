# The image of the Cloud Run jobs that compute on a GPU: that of the others, and NVIDIA's library for matrices. Built from the root
# of the repository, once the other is there:
#   docker build -f infra/images/jobs-gpu.Dockerfile --build-arg JOBS=IMAGE-OF-JOBS -t IMAGE .
# On a GPU task Cloud Run mounts the driver.

ARG JOBS=jobs
FROM ${JOBS}
USER root
COPY requirements.txt requirements-jobs.txt requirements-clips.txt requirements-gpu.txt constraints.txt /build/
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r /build/requirements-gpu.txt -c /build/constraints.txt \
 && rm -r /build
USER kompo
ENV LD_LIBRARY_PATH=/venv/lib/python3.11/site-packages/nvidia/cublas/lib
ENTRYPOINT ["python", "-m", "jobs"]
